package dev.modelfetch.internal.choice;

import java.util.concurrent.Semaphore;

/** What a source tolerates, within what the program wants in all: only those who get both have a connection. */
final class Permits extends Semaphore {

    private static final long serialVersionUID = 1L;

    private final Semaphore ofSource;
    private final Semaphore ofProgram;

    Permits(Semaphore ofSource, Semaphore ofProgram) {
        super(0);
        this.ofSource = ofSource;
        this.ofProgram = ofProgram;
    }

    @Override
    public boolean tryAcquire() {
        if (!ofSource.tryAcquire()) {
            return false;
        }
        if (ofProgram.tryAcquire()) {
            return true;
        }
        ofSource.release();
        return false;
    }

    @Override
    public void release() {
        ofSource.release();
        ofProgram.release();
    }

    @Override
    public int availablePermits() {
        return Math.min(ofSource.availablePermits(), ofProgram.availablePermits());
    }
}
