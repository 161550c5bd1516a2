package dev.cutlass.examples.cables;

/** Exit codes of sendmail, as sysexits.h has them: mail programs know what they mean. */
final class SysExits {
    static final int OK = 0;

    /** The command line is wrong. */
    static final int USAGE = 64;

    /** The mail is wrong: its sender. */
    static final int DATAERR = 65;

    /** The mail is wrong: a recipient. */
    static final int NOUSER = 67;

    /** It cannot be done: the mail is too long, or nobody answers a ping. */
    static final int UNAVAILABLE = 69;

    /** A defect of ours. */
    static final int SOFTWARE = 70;

    /** The disk does not do. */
    static final int IOERR = 74;

    /** Try again later: the queues are away, or another node runs here. */
    static final int TEMPFAIL = 75;

    /** The home is not there, or what is in it is no good. */
    static final int CONFIG = 78;

    private SysExits() {}
}
