package dev.cutlass.engine;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Finds the addresses of names, on threads of its own, since the system's resolver blocks. Any thread. */
final class NameResolver {
    /** More names at the same time wait for one another. */
    private static final int THREADS = 4;

    private static final int MAX_WAITING = 1_024;
    private static final long KEEP_SECONDS = 10;

    /** Addresses that one dial tries. */
    private static final int MAX_ADDRESSES = 16;

    private final EngineSeams.Resolver resolver;
    private final @Nullable ThreadPoolExecutor executor;

    /** What was found. */
    @FunctionalInterface
    interface Found {
        /** The addresses to be tried, in this order, and which names are unknown, for a person. */
        void accept(List<InetSocketAddress> addresses, String unknown);
    }

    NameResolver(EngineSeams seams) {
        this.resolver = seams.resolver();
        this.executor = seams.stepwise() ? null : newExecutor();
    }

    private static ThreadPoolExecutor newExecutor() {
        final ThreadPoolExecutor threads = new ThreadPoolExecutor(
                THREADS, THREADS, KEEP_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MAX_WAITING), task -> {
                    final Thread thread = new Thread(task, "cutlass-resolver");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    /** Calls back once, on whatever thread. */
    void resolve(List<DialTarget.Place> places, Found found) {
        if (executor == null || places.stream().allMatch(place -> isLiteral(place.host()))) {
            lookUp(places, found);
            return;
        }
        try {
            executor.execute(() -> lookUp(places, found));
        } catch (RejectedExecutionException e) {
            found.accept(List.of(), "too many names wait to be looked up");
        }
    }

    /** Needs no look-up. */
    private static boolean isLiteral(String host) {
        return host.indexOf(':') >= 0 || host.chars().allMatch(c -> (c >= '0' && c <= '9') || c == '.');
    }

    private void lookUp(List<DialTarget.Place> places, Found found) {
        final List<InetSocketAddress> addresses = new ArrayList<>();
        final List<String> unknown = new ArrayList<>();
        for (DialTarget.Place place : places) {
            try {
                for (InetAddress address : interleave(resolver.resolve(place.host()))) {
                    final InetSocketAddress at = new InetSocketAddress(address, place.port());
                    if (addresses.size() < MAX_ADDRESSES && !addresses.contains(at)) {
                        addresses.add(at);
                    }
                }
            } catch (UnknownHostException e) {
                unknown.add(place.host());
            }
        }
        found.accept(addresses, String.join(", ", unknown));
    }

    /** RFC 8305 section 4: IPv6 first, then both kinds in turn. */
    private static List<InetAddress> interleave(List<InetAddress> addresses) {
        final Deque<InetAddress> six = new ArrayDeque<>();
        final Deque<InetAddress> four = new ArrayDeque<>();
        for (InetAddress address : addresses) {
            (address instanceof Inet6Address ? six : four).add(address);
        }
        final List<InetAddress> result = new ArrayList<>();
        while (!six.isEmpty() || !four.isEmpty()) {
            if (!six.isEmpty()) {
                result.add(six.remove());
            }
            if (!four.isEmpty()) {
                result.add(four.remove());
            }
        }
        return result;
    }

    void close() {
        if (executor != null) {
            executor.shutdownNow();
        }
    }
}
