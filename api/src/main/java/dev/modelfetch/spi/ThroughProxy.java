package dev.modelfetch.spi;

/** Beside a failure, as a suppressed exception: the proxy that the request went through. */
public final class ThroughProxy extends Exception {

    private static final long serialVersionUID = 1L;

    private final String proxy;
    private final String setting;
    private final boolean own;

    /**
     * @param proxy its address, without a password
     * @param setting the variable, option or key that named it
     * @param own whether the proxy itself has failed, and not what is behind it
     */
    public ThroughProxy(String proxy, String setting, boolean own) {
        super("through the proxy " + proxy + " (" + setting + ")", null, false, false);
        this.proxy = proxy;
        this.setting = setting;
        this.own = own;
    }

    /** Where to look: the proxy alone if the failure is its own. */
    String place(String host) {
        return own ? "the proxy " + proxy + ", set by " + setting : host + ", through the proxy " + proxy;
    }
}
