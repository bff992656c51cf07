package dev.slipway.discovery;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/// Instances that the settings name.
record StaticSource(List<Instance> instances) implements Source {

    @Override
    public void follow(Consumer<Collection<Instance>> news) throws InterruptedException {
        news.accept(instances);
        new CountDownLatch(1).await();
    }

    @Override
    public String toString() {
        return "settings";
    }
}
