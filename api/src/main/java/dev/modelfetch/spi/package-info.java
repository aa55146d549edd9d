/**
 * What a hub has to answer so that Modelfetch can fetch from it. A plugin is one jar: a {@link
 * dev.modelfetch.spi.ModelSourceProvider}, named in {@code META-INF/services}, and the {@link
 * dev.modelfetch.spi.ModelSource} it makes. Racing, failover, resuming, verification, progress, proxies, tokens and limits
 * are the engine's.
 *
 * <p><b>Which method when.</b> A job asks {@code resolve}, in a race against other sources, then {@code list}, then, for
 * every piece of every file, {@code open}, and {@code request} where that has nothing. A source implements one of the last
 * two: {@code request} if its bytes come over HTTP, which the engine then speaks, {@code explain} and {@code complaint}
 * included; {@code open} if they come in any other way, as from a directory or the client of an object store. {@code
 * close} comes last.
 *
 * <p><b>Threads and time.</b> Methods are called from many threads at once, never with a lock of the engine held, and each
 * call has its time: 5 seconds to be made, the patience of the race for a first answer (5 minutes until its thread is
 * interrupted), an hour for a list, 30 seconds to explain an answer, and for bytes the silence that is allowed, 30 seconds
 * unless {@link dev.modelfetch.spi.SourceProfile#firstByte()} or the user says otherwise. Whoever waits goes on then, and
 * the thread is interrupted. A stream is closed by another thread while a read waits; the read has to end by that.
 *
 * <p><b>Errors.</b> {@link dev.modelfetch.spi.SourceException} carries a verdict, and the verdict decides: others are
 * asked after "not here", somebody limited is left alone for as long as he said, somebody down is asked again. An {@link
 * java.io.IOException} of a stream is a failure that may pass. Everything else, a runtime exception, an error, a null, a
 * list of another commit than was resolved, is {@link dev.modelfetch.Verdict.Broken}: its words name the exception and the
 * line of the plugin, the exception travels along as a suppressed one, and the job goes on with others. A source does not
 * retry, sleep or follow redirects: the engine does.
 *
 * <p><b>Tokens.</b> A source is told whether it has one, not which: the calls of {@link
 * dev.modelfetch.spi.SourceContext} and the requests of {@code request} show it at the source's own origin, and nowhere
 * else. An SDK that needs credentials of its own finds them in its own way. {@code whoami}, which no job asks, tells
 * whether the hub accepts it.
 *
 * <p><b>Names.</b> A repository comes as the person named it. Who spells it otherwise translates it, by the {@linkplain
 * dev.modelfetch.spi.SourceContext#aliases() aliases of the user} first, and returns its own spelling in {@link
 * dev.modelfetch.spi.Resolved#repo()}.
 *
 * <p><b>Commits.</b> A commit names one content for ever, and becomes a folder: {@link
 * dev.modelfetch.Manifest#isCommit(String) 4 to 128 letters, digits, - and _}. What changes in place needs one that changes
 * with it: {@link dev.modelfetch.spi.Resolved#ofListing Resolved.ofListing} makes it from the rows; the digest of an OCI
 * manifest, without its {@code sha256:}, is one already. {@code list} refuses when the content is no longer that of the
 * commit.
 *
 * <p><b>Trust.</b> {@link dev.modelfetch.spi.Trust} says what a list is worth. A row with a digest is verified by it, and
 * its bytes may come from any other source that lists the same; a row with a size alone is verified by its length.
 *
 * <p><b>Endpoints</b> are URIs: {@code https://host/prefix}, {@code file:///srv/models}, {@code s3://bucket}. The scheme of
 * {@link dev.modelfetch.spi.ModelSourceProvider#defaultEndpoint()} says which are accepted. What is no address of the web
 * travels {@code direct}, and is its own data host in progress and messages.
 *
 * <p><b>Records</b> are made by their factories ({@code RepoFile.of}, {@code Resolved.of}, {@code resolved.manifest},
 * {@code SourceProfile.of}, {@code ByteStream.of}, {@code SourceException.notHere}), which a new component does not break;
 * tests of a source make their context with {@code SourceContext.of}.
 *
 * <p>A complete source, a directory on a share:
 *
 * <pre>{@code
 * final class DirectorySource implements ModelSource {
 *
 *     private final SourceProfile profile;
 *     private final Path root;
 *
 *     DirectorySource(SourceContext context) {
 *         this.profile = SourceProfile.of(context);
 *         this.root = Path.of(context.endpoint());
 *     }
 *
 *     @Override
 *     public SourceProfile profile() {
 *         return profile;
 *     }
 *
 *     @Override
 *     public Resolved resolve(Repo repo, @Nullable String revision) throws SourceException {
 *         Resolved present = Resolved.ofListing(repo, "main", rows(repo));
 *         if (revision == null || revision.equals("main") || revision.equals(present.commit())) {
 *             return present;
 *         }
 *         throw SourceException.notHere(What.REVISION, "has only the present state");
 *     }
 *
 *     @Override
 *     public Manifest list(Resolved resolved) throws SourceException {
 *         List<RepoFile> rows = rows(resolved.repo());
 *         if (Resolved.ofListing(resolved.repo(), resolved.revision(), rows).equals(resolved)) {
 *             return resolved.manifest(profile, rows);
 *         }
 *         throw SourceException.notHere(What.REVISION, "has changed a moment ago");
 *     }
 *
 *     @Override
 *     public Optional<ByteStream> open(Manifest manifest, RepoFile file, ByteRange range) throws IOException {
 *         FileChannel channel = FileChannel.open(folder(manifest.repo()).resolve(file.path()));
 *         channel.position(range.from());
 *         return Optional.of(ByteStream.of(range, Channels.newInputStream(channel)));
 *     }
 *
 *     private List<RepoFile> rows(Repo repo) throws SourceException {
 *         Path folder = folder(repo);
 *         List<RepoFile> rows = new ArrayList<>();
 *         try {
 *             for (String line : Files.readAllLines(folder.resolve("SHA256SUMS"))) {
 *                 String path = line.substring(66);
 *                 rows.add(RepoFile.of(path, Files.size(folder.resolve(path))).withSha256(line.substring(0, 64)));
 *             }
 *             return rows;
 *         } catch (NoSuchFileException e) {
 *             throw SourceException.notHere(What.REPOSITORY, "has no " + e.getFile());
 *         } catch (IOException e) {
 *             throw SourceException.of(e, folder.toString());
 *         }
 *     }
 *
 *     private Path folder(Repo repo) {
 *         return root.resolve(repo.toString());
 *     }
 * }
 * }</pre>
 */
@NullMarked
package dev.modelfetch.spi;

import org.jspecify.annotations.NullMarked;
