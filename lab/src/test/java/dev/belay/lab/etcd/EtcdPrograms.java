package dev.belay.lab.etcd;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Where real etcd programs may be on this machine. */
public final class EtcdPrograms {

    private EtcdPrograms() {}

    public static Optional<Path> onPath() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(folder -> Path.of(folder, "etcd"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** The newest of a minor under {@code $LAB_HOME/etcd}. */
    static Optional<Path> ofLab(String minor) {
        return Optional.ofNullable(System.getenv("LAB_HOME"))
                .map(home -> Path.of(home, "etcd"))
                .filter(Files::isDirectory)
                .flatMap(folder -> newest(folder, "v" + minor + "."));
    }

    private static Optional<Path> newest(Path folder, String prefix) {
        try (Stream<Path> all = Files.list(folder)) {
            List<Path> found = all.filter(
                            each -> String.valueOf(each.getFileName()).startsWith(prefix))
                    .sorted(Comparator.comparing(Path::toString))
                    .toList();
            return found.stream()
                    .map(each -> each.resolve("etcd"))
                    .filter(Files::isExecutable)
                    .reduce((older, newer) -> newer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
