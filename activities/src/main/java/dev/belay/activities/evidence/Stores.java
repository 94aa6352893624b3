package dev.belay.activities.evidence;

import dev.belay.activities.Secrets;
import dev.belay.model.inventory.Cluster.Backups;
import dev.belay.model.inventory.Cluster.Store;
import dev.belay.model.inventory.Reference;
import java.util.Objects;
import java.util.Optional;

/** The backup store that an inventory names. */
public final class Stores {

    private Stores() {}

    public static Evidence of(Backups backups, Secrets secrets) {
        Store store = backups.store();
        Optional<ArchiveKey> key = Optional.ofNullable(backups.key())
                .map(reference -> Secrets.named("backups.key", () -> secrets.bytes(reference)))
                .map(ArchiveKey::of);
        if (store == null) {
            Reference directory =
                    Objects.requireNonNull(backups.directory(), "an inventory has a directory or a store");
            return new DirectoryEvidence(Secrets.named("backups.directory", () -> secrets.path(directory)), key);
        }
        return new S3Evidence(
                BucketAddress.of(store.url()),
                store.region(),
                Secrets.named("backups.store.accessKey", () -> secrets.text(store.accessKey())),
                Secrets.named("backups.store.secretKey", () -> secrets.text(store.secretKey())),
                key);
    }
}
