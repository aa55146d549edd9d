package dev.modelfetch.internal.testing;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.StandardOpenOption;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A real file system that fails where a test says so: tests may run as a user to whom nothing is forbidden. */
public final class FaultyDisk {

    /** What is about to happen to a path. */
    public enum Step {
        /** Beginning to read the entries of a folder. */
        LIST,
        /** Going on to the next entry. */
        NEXT,
        /** Opening for writing, creating, moving to, deleting. */
        WRITE
    }

    /** Throws where the disk shall fail. */
    public interface Fault {
        void before(Step step, Path path) throws IOException;
    }

    private final Disk disk;
    private volatile Fault fault = (step, path) -> {};

    private FaultyDisk(FileSystem real) {
        this.disk = new Disk(real);
    }

    /** The disk of that path. */
    public static FaultyDisk of(Path real) {
        return new FaultyDisk(real.getFileSystem());
    }

    /** From now on; the path it is told is that of the real disk. */
    public void fails(Fault where) {
        fault = where;
    }

    /** The same file, seen through this disk. */
    public Path path(Path real) {
        return (Path) Proxy.newProxyInstance(
                FaultyDisk.class.getClassLoader(),
                new Class<?>[] {Path.class, Seen.class},
                (proxy, method, arguments) -> call(real, method, arguments));
    }

    /** Marks a path of such a disk. */
    private interface Seen {
        Path real();
    }

    private @Nullable Object call(Path real, Method method, Object @Nullable [] arguments) throws Throwable {
        switch (method.getName()) {
            case "real" -> {
                return real;
            }
            case "getFileSystem" -> {
                return disk;
            }
            case "iterator" -> {
                return seen(real.iterator());
            }
            default -> {
                Object[] unwrapped = arguments == null ? new Object[0] : arguments.clone();
                for (int i = 0; i < unwrapped.length; i++) {
                    unwrapped[i] = unwrapped[i] instanceof Seen seen ? seen.real() : unwrapped[i];
                }
                try {
                    Object result = method.invoke(real, unwrapped);
                    return result instanceof Path path ? path(path) : result;
                } catch (InvocationTargetException e) {
                    throw e.getCause();
                }
            }
        }
    }

    private Iterator<Path> seen(Iterator<Path> paths) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return paths.hasNext();
            }

            @Override
            public Path next() {
                return path(paths.next());
            }
        };
    }

    private static Path real(Path path) {
        return path instanceof Seen seen ? seen.real() : path;
    }

    private final class Disk extends FileSystem {

        private final FileSystem real;
        private final Provider provider;

        Disk(FileSystem real) {
            this.real = real;
            this.provider = new Provider(real.provider());
        }

        @Override
        public FileSystemProvider provider() {
            return provider;
        }

        @Override
        public void close() {}

        @Override
        public boolean isOpen() {
            return real.isOpen();
        }

        @Override
        public boolean isReadOnly() {
            return real.isReadOnly();
        }

        @Override
        public String getSeparator() {
            return real.getSeparator();
        }

        @Override
        public Iterable<Path> getRootDirectories() {
            return () -> seen(real.getRootDirectories().iterator());
        }

        @Override
        public Iterable<FileStore> getFileStores() {
            return real.getFileStores();
        }

        @Override
        public Set<String> supportedFileAttributeViews() {
            return real.supportedFileAttributeViews();
        }

        @Override
        public Path getPath(String first, String... more) {
            return path(real.getPath(first, more));
        }

        @Override
        public PathMatcher getPathMatcher(String pattern) {
            PathMatcher matcher = real.getPathMatcher(pattern);
            return path -> matcher.matches(real(path));
        }

        @Override
        public UserPrincipalLookupService getUserPrincipalLookupService() {
            return real.getUserPrincipalLookupService();
        }

        @Override
        public WatchService newWatchService() {
            throw new UnsupportedOperationException();
        }
    }

    private final class Provider extends FileSystemProvider {

        private final FileSystemProvider real;

        Provider(FileSystemProvider real) {
            this.real = real;
        }

        private Path at(Step step, Path path) throws IOException {
            fault.before(step, real(path));
            return real(path);
        }

        private Path opened(Path path, Set<? extends OpenOption> options) throws IOException {
            boolean writes = options.contains(StandardOpenOption.WRITE) || options.contains(StandardOpenOption.APPEND);
            return writes ? at(Step.WRITE, path) : real(path);
        }

        @Override
        public SeekableByteChannel newByteChannel(
                Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
            return real.newByteChannel(opened(path, options), options, attributes);
        }

        @Override
        public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
                throws IOException {
            return real.newFileChannel(opened(path, options), options, attributes);
        }

        @Override
        public DirectoryStream<Path> newDirectoryStream(Path folder, DirectoryStream.Filter<? super Path> filter)
                throws IOException {
            DirectoryStream<Path> stream =
                    real.newDirectoryStream(at(Step.LIST, folder), entry -> filter.accept(path(entry)));
            Iterator<Path> entries = stream.iterator();
            return new DirectoryStream<>() {
                @Override
                public Iterator<Path> iterator() {
                    return new Iterator<>() {
                        @Override
                        public boolean hasNext() {
                            return entries.hasNext();
                        }

                        @Override
                        public Path next() {
                            try {
                                at(Step.NEXT, folder);
                            } catch (IOException e) {
                                throw new DirectoryIteratorException(e);
                            }
                            return path(entries.next());
                        }
                    };
                }

                @Override
                public void close() throws IOException {
                    stream.close();
                }
            };
        }

        @Override
        public void createDirectory(Path folder, FileAttribute<?>... attributes) throws IOException {
            real.createDirectory(at(Step.WRITE, folder), attributes);
        }

        @Override
        public void createSymbolicLink(Path link, Path target, FileAttribute<?>... attributes) throws IOException {
            real.createSymbolicLink(at(Step.WRITE, link), real(target), attributes);
        }

        @Override
        public Path readSymbolicLink(Path link) throws IOException {
            return path(real.readSymbolicLink(real(link)));
        }

        @Override
        public void delete(Path path) throws IOException {
            real.delete(at(Step.WRITE, path));
        }

        @Override
        public void copy(Path source, Path target, CopyOption... options) throws IOException {
            real.copy(real(source), at(Step.WRITE, target), options);
        }

        @Override
        public void move(Path source, Path target, CopyOption... options) throws IOException {
            real.move(real(source), at(Step.WRITE, target), options);
        }

        @Override
        public boolean isSameFile(Path path, Path other) throws IOException {
            return real.isSameFile(real(path), real(other));
        }

        @Override
        public boolean isHidden(Path path) throws IOException {
            return real.isHidden(real(path));
        }

        @Override
        public FileStore getFileStore(Path path) throws IOException {
            return real.getFileStore(real(path));
        }

        @Override
        public void checkAccess(Path path, AccessMode... modes) throws IOException {
            real.checkAccess(real(path), modes);
        }

        @Override
        public <V extends FileAttributeView> V getFileAttributeView(Path path, Class<V> type, LinkOption... options) {
            return real.getFileAttributeView(real(path), type, options);
        }

        @Override
        public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
                throws IOException {
            return real.readAttributes(real(path), type, options);
        }

        @Override
        public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options)
                throws IOException {
            return real.readAttributes(real(path), attributes, options);
        }

        @Override
        public void setAttribute(Path path, String attribute, Object value, LinkOption... options) throws IOException {
            real.setAttribute(real(path), attribute, value, options);
        }

        @Override
        public String getScheme() {
            return "faulty";
        }

        @Override
        public FileSystem newFileSystem(URI uri, Map<String, ?> settings) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileSystem getFileSystem(URI uri) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Path getPath(URI uri) {
            throw new UnsupportedOperationException();
        }
    }
}
