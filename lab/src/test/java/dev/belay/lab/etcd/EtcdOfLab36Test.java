package dev.belay.lab.etcd;

import java.nio.file.Path;
import java.util.Optional;

class EtcdOfLab36Test extends RealEtcdContract {

    @Override
    Optional<Path> program() {
        return EtcdPrograms.ofLab("3.6");
    }

    @Override
    String whenMissing() {
        return "no $LAB_HOME/etcd/v3.6.*/etcd; the lab's prepare.sh makes it";
    }
}
