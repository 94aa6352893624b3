package dev.belay.twin;

/** Hears of every change that anybody asks the world for: the place to lose a worker before or after it. */
public interface EffectListener {

    EffectListener NONE = new EffectListener() {};

    /**
     * Before it is done. If the worker's connection is cut here, it is never done.
     *
     * @param number counts from 1
     * @param what such as {@code cp1: kubeadm upgrade apply v1.34.4 --yes}
     */
    default void before(int number, String what) {}

    /** After it is done, before the one who asked hears of it. */
    default void after(int number, String what) {}
}
