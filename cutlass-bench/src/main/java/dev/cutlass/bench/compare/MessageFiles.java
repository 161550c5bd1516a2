package dev.cutlass.bench.compare;

import java.io.IOException;
import java.nio.file.Path;

/** A library that sends messages, and a file cut into them: as it comes, without hashes or a journal, and nothing is left of it if it breaks off. */
final class MessageFiles implements FileContender {
    private final Contender messages;

    MessageFiles(Contender messages) {
        this.messages = messages;
    }

    @Override
    public String label() {
        return messages.label();
    }

    @Override
    public Receiver receive(Path folder) throws Exception {
        final Contender.Server server = messages.serve();
        return new Receiver() {
            @Override
            public String address() {
                return server.address() + "," + folder;
            }

            @Override
            public long firstByteAt() {
                return Landing.firstByteAt();
            }

            @Override
            public void close() throws IOException {
                server.close();
            }
        };
    }

    @Override
    public Sender connect(String address) throws Exception {
        final int comma = address.indexOf(',');
        final Path folder = Path.of(address.substring(comma + 1));
        final CallbackClient client = (CallbackClient) messages.connect(address.substring(0, comma));
        return new Sender() {
            @Override
            public void send(Path file) throws Exception {
                client.sendFile(file, folder.resolve(file.getFileName()));
            }

            @Override
            public void close() throws IOException {
                client.close();
            }
        };
    }
}
