package dev.cutlass.event;

/**
 * Hears what happens. Every method is optional and does nothing by default, so a new kind of event breaks nobody.
 *
 * <p>Methods are called on the handler executor, without a lock, one at a time and in order for each peer, at the same time for different
 * peers. They may block: a slow one delays its own peer only, whose sender is slowed down by the missing receipts. What they throw is logged and goes no further.
 */
public interface CutlassListener {
    /** Every event comes here too, before its own method. */
    default void onEvent(CutlassEvent event) {}

    default void onConnectionRequested(CutlassEvent.ConnectionRequested event) {}

    default void onConnected(CutlassEvent.Connected event) {}

    default void onConnectFailed(CutlassEvent.ConnectFailed event) {}

    default void onDropped(CutlassEvent.Dropped event) {}

    default void onTimedOut(CutlassEvent.TimedOut event) {}

    default void onPeerRestarted(CutlassEvent.PeerRestarted event) {}

    default void onCloneSuspected(CutlassEvent.CloneSuspected event) {}

    default void onKeyMismatch(CutlassEvent.KeyMismatch event) {}

    default void onNickClash(CutlassEvent.NickClash event) {}

    default void onNickChanged(CutlassEvent.NickChanged event) {}

    default void onAddressObserved(CutlassEvent.AddressObserved event) {}

    default void onMessageReceived(CutlassEvent.MessageReceived event) {}

    default void onChannelOpened(CutlassEvent.ChannelOpened event) {}

    default void onChannelMessageReceived(CutlassEvent.ChannelMessageReceived event) {}

    default void onChannelClosed(CutlassEvent.ChannelClosed event) {}

    default void onFileOffered(CutlassEvent.FileOffered event) {}

    default void onFileRequested(CutlassEvent.FileRequested event) {}

    default void onFileAccepted(CutlassEvent.FileAccepted event) {}

    default void onFileRejected(CutlassEvent.FileRejected event) {}

    default void onFileAborted(CutlassEvent.FileAborted event) {}

    default void onFileSent(CutlassEvent.FileSent event) {}

    default void onFileReceived(CutlassEvent.FileReceived event) {}

    default void onFailed(CutlassEvent.Failed event) {}
}
