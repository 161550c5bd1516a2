package dev.cutlass.gso;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * The calls of the C library that a port needs. Each returns what C returns, or minus the errno: the first argument is where the errno goes, {@link #ERRNO_SIZE} bytes of the
 * calling thread's own. Any thread.
 */
final class Libc {
    // asm-generic/errno.h and its like; the same on x86-64 and AArch64, the only machines that the provider accepts.
    static final int EINTR = 4;
    static final int EIO = 5;
    static final int EAGAIN = 11;
    static final int EINVAL = 22;
    static final int EMSGSIZE = 90;
    static final int ECONNREFUSED = 111;

    static final int AF_INET = 2;
    static final int AF_INET6 = 10;
    static final int SOCK_DGRAM = 2;
    static final int SOCK_NONBLOCK = 0x800;
    static final int SOCK_CLOEXEC = 0x80000;

    static final int SOL_SOCKET = 1;
    static final int SO_SNDBUF = 7;
    static final int SO_RCVBUF = 8;
    static final int IPPROTO_IP = 0;
    static final int IPPROTO_IPV6 = 41;
    static final int IPV6_V6ONLY = 26;
    static final int IP_MTU_DISCOVER = 10;
    static final int IPV6_MTU_DISCOVER = 23;

    /** Of both: no fragments, and no regard to ICMP, which anybody can forge. */
    static final int PMTUDISC_PROBE = 3;

    static final int SOL_UDP = 17;
    static final int UDP_SEGMENT = 103;
    static final int UDP_GRO = 104;

    static final int EFD_NONBLOCK = 0x800;
    static final int EFD_CLOEXEC = 0x80000;
    static final int EPOLL_CLOEXEC = 0x80000;
    static final int EPOLL_CTL_ADD = 1;
    static final int EPOLLIN = 1;

    private static final StructLayout CAPTURED = Linker.Option.captureStateLayout();
    private static final long ERRNO_AT = CAPTURED.byteOffset(MemoryLayout.PathElement.groupElement("errno"));
    static final long ERRNO_SIZE = CAPTURED.byteSize();

    private static final Linker LINKER = Linker.nativeLinker();
    private static final SymbolLookup SYMBOLS = LINKER.defaultLookup();

    private static final MethodHandle SOCKET = ints("socket", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle BIND = ints("bind", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle CONNECT = ints("connect", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle GETSOCKNAME = ints("getsockname", JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle SETSOCKOPT = ints("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle EPOLL_CREATE1 = ints("epoll_create1", JAVA_INT);
    private static final MethodHandle EPOLL_CTL = ints("epoll_ctl", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS);
    private static final MethodHandle EPOLL_WAIT = ints("epoll_wait", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
    private static final MethodHandle EVENTFD = ints("eventfd", JAVA_INT, JAVA_INT);
    private static final MethodHandle SENDMSG = longs("sendmsg", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle RECVMSG = longs("recvmsg", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle READ = longs("read", JAVA_INT, ADDRESS, JAVA_LONG);
    private static final MethodHandle WRITE = longs("write", JAVA_INT, ADDRESS, JAVA_LONG);
    private static final MethodHandle CLOSE = ints("close", JAVA_INT);

    private Libc() {}

    private static MethodHandle ints(String name, MemoryLayout... arguments) {
        return link(name, FunctionDescriptor.of(JAVA_INT, arguments));
    }

    private static MethodHandle longs(String name, MemoryLayout... arguments) {
        return link(name, FunctionDescriptor.of(JAVA_LONG, arguments));
    }

    @SuppressWarnings("restricted") // the point of this module; the provider asks first whether it may
    private static MethodHandle link(String name, FunctionDescriptor type) {
        final MemorySegment function = SYMBOLS.find(name).orElseThrow(() -> new LinkageError(name));
        return LINKER.downcallHandle(function, type, Linker.Option.captureCallState("errno"));
    }

    private static int orErrno(int result, MemorySegment errno) {
        return result >= 0 ? result : -errno.get(JAVA_INT, ERRNO_AT);
    }

    private static long orErrno(long result, MemorySegment errno) {
        return result >= 0 ? result : -errno.get(JAVA_INT, ERRNO_AT);
    }

    private static AssertionError broken(Throwable t) {
        if (t instanceof Error error) {
            throw error;
        }
        return new AssertionError("a call of the C library throws nothing", t);
    }

    static int socket(MemorySegment errno, int family) {
        try {
            return orErrno(
                    (int) SOCKET.invokeExact(errno, family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), errno);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int bind(MemorySegment errno, int fd, MemorySegment address, int length) {
        try {
            return orErrno((int) BIND.invokeExact(errno, fd, address, length), errno);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int connect(MemorySegment errno, int fd, MemorySegment address, int length) {
        try {
            return orErrno((int) CONNECT.invokeExact(errno, fd, address, length), errno);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int getsockname(MemorySegment errno, int fd, MemorySegment address, MemorySegment length) {
        try {
            return orErrno((int) GETSOCKNAME.invokeExact(errno, fd, address, length), errno);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    /** Sets an option that is an int. */
    static int setsockopt(MemorySegment errno, int fd, int level, int option, MemorySegment value) {
        try {
            return orErrno(
                    (int) SETSOCKOPT.invokeExact(errno, fd, level, option, value, (int) JAVA_INT.byteSize()), errno);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int epollCreate(MemorySegment errno) {
        try {
            return orErrno((int) EPOLL_CREATE1.invokeExact(errno, EPOLL_CLOEXEC), errno);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int epollAdd(MemorySegment errno, int epoll, int fd, MemorySegment event) {
        try {
            return orErrno((int) EPOLL_CTL.invokeExact(errno, epoll, EPOLL_CTL_ADD, fd, event), errno);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int epollWait(MemorySegment errno, int epoll, MemorySegment events, int max, int millis) {
        try {
            return orErrno((int) EPOLL_WAIT.invokeExact(errno, epoll, events, max, millis), errno);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int eventfd(MemorySegment errno) {
        try {
            return orErrno((int) EVENTFD.invokeExact(errno, 0, EFD_NONBLOCK | EFD_CLOEXEC), errno);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static long sendmsg(MemorySegment errno, int fd, MemorySegment message) {
        try {
            return orErrno((long) SENDMSG.invokeExact(errno, fd, message, 0), errno);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static long recvmsg(MemorySegment errno, int fd, MemorySegment message) {
        try {
            return orErrno((long) RECVMSG.invokeExact(errno, fd, message, 0), errno);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static long read(MemorySegment errno, int fd, MemorySegment to) {
        try {
            return orErrno((long) READ.invokeExact(errno, fd, to, to.byteSize()), errno);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static long write(MemorySegment errno, int fd, MemorySegment from) {
        try {
            return orErrno((long) WRITE.invokeExact(errno, fd, from, from.byteSize()), errno);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int close(MemorySegment errno, int fd) {
        try {
            return orErrno((int) CLOSE.invokeExact(errno, fd), errno);
        } catch (Throwable t) {
            throw broken(t);
        }
    }
}
