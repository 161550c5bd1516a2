package dev.cutlass.engine.file;

/** Thread "cutlass-files": finds what earlier runs left, then does what is due. Sleeps until then. */
final class FilesThread implements Runnable {
    private final FileService service;

    FilesThread(FileService service) {
        this.service = service;
    }

    void start() {
        final Thread thread = new Thread(this, "cutlass-files");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void run() {
        try {
            service.recover();
            while (!service.isClosed()) {
                service.await(); // the only place where this thread blocks
                service.turn(0);
            }
        } catch (Throwable t) { // the edge of a thread is the one place that catches all
            service.fail(t);
        }
    }
}
