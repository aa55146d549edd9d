package dev.modelfetch.internal.transfer;

/** Bytes of a file on their way, however they are had. Read by one thread, cut by any. */
interface Opened extends AutoCloseable {

    /** Who sends them, in a word. */
    String host();

    /** Position in the file of the first of them. */
    long start();

    /** One past the last. */
    long end();

    /**
     * Waits for some.
     *
     * @return how many, at least one
     * @throws Fault if nothing more comes, though it should
     */
    int read(byte[] into, int offset, int most) throws Fault, InterruptedException;

    /** Whether nothing more comes; waits until that is known. */
    boolean isExhausted() throws Fault, InterruptedException;

    /** Ends it while somebody reads. Does not wait. */
    void cut();

    /** Lets go of the connection. */
    @Override
    void close();
}
