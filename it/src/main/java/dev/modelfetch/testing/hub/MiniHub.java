package dev.modelfetch.testing.hub;

/**
 * One running hub and its data host.
 *
 * @param <F> the protocol it speaks
 * @param server answers the API
 * @param storage sends large files
 * @param face the protocol, for its switches
 * @param links the data host's signed links
 * @param catalogue what it holds
 */
public record MiniHub<F>(LoopbackServer server, LoopbackServer storage, F face, DataHost links, Catalogue catalogue)
        implements AutoCloseable {

    /** Base address without a trailing slash. */
    public String endpoint() {
        return server.endpoint();
    }

    /** What goes wrong at the hub itself. */
    public Faults faults() {
        return server.faults();
    }

    /** What goes wrong at its data host. */
    public Faults dataFaults() {
        return storage.faults();
    }

    /** Both servers go away in this manner. */
    public void away(Outage manner) {
        server.away(manner);
        storage.away(manner);
    }

    /** Both are there again. */
    public void back() {
        server.back();
        storage.back();
    }

    @Override
    public void close() {
        server.close();
        storage.close();
    }
}
