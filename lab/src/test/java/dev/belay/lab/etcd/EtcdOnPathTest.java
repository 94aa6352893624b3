package dev.belay.lab.etcd;

import java.nio.file.Path;
import java.util.Optional;

class EtcdOnPathTest extends RealEtcdContract {

    @Override
    Optional<Path> program() {
        return EtcdPrograms.onPath();
    }

    @Override
    String whenMissing() {
        return "no etcd on PATH; Debian has it as etcd-server, with etcd-client";
    }
}
