package dev.modelfetch.it.bench;

import java.time.Duration;

/** Takes the servers of a stage away once so many bytes have been sent, and brings them back after a while. */
final class Interruption {

    /** So many seconds are what a router takes to dial in again. */
    static final Duration LENGTH = Duration.ofSeconds(20);

    private static final int MILLIS_BETWEEN_LOOKS = 10;

    private final Stage stage;
    private final long bytes;
    private final Duration length;
    private final Thread thread = new Thread(this::interrupt, "interruption");

    private Interruption(Stage stage, long bytes, Duration length) {
        this.stage = stage;
        this.bytes = bytes;
        this.length = length;
    }

    static Interruption after(long bytes, Stage stage, Duration length) {
        Interruption interruption = new Interruption(stage, bytes, length);
        interruption.thread.setDaemon(true);
        interruption.thread.start();
        return interruption;
    }

    private void interrupt() {
        try {
            while (stage.sent() < bytes) {
                Thread.sleep(MILLIS_BETWEEN_LOOKS);
            }
            stage.leave();
            Thread.sleep(length.toMillis());
            stage.comeBack();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** There is nobody left to be interrupted. */
    void end() throws InterruptedException {
        thread.interrupt();
        thread.join();
    }
}
