package dev.cutlass.examples.chat;

/** Shows a talk to whoever follows it. Called from any thread, several at the same time. */
interface ChatView {
    /** Somebody said something. */
    void message(String nick, String text);

    /** Something happened: somebody came, went, or changed. Texts of strangers in it are harmless already. */
    void notice(String text);

    /** Something is wrong, or needs attention. */
    void warning(String text);

    /** What we said was accepted by {@code nick} after {@code millis} milliseconds. */
    void delivered(String nick, String text, long millis);

    /** What we said was not accepted by {@code nick}, and will not be. */
    void failed(String nick, String text, String why);
}
