package dev.cutlass.examples.chat;

import dev.cutlass.Peer;
import java.util.List;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;

/** Completes commands, and the names of peers where a command takes one or a line begins with one. */
final class NameCompleter implements Completer {
    private final ChatRoom room;

    NameCompleter(ChatRoom room) {
        this.room = room;
    }

    @Override
    public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
        final boolean first = line.wordIndex() == 0;
        if (first && line.word().startsWith("/")) {
            ChatCommands.NAMES.forEach(name -> candidates.add(new Candidate(name)));
            return;
        }
        for (Peer peer : room.all()) {
            final String name = room.nameOf(peer);
            candidates.add(new Candidate(first ? name + ":" : name));
        }
    }
}
