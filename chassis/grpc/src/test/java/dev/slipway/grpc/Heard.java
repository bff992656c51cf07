package dev.slipway.grpc;

import com.google.protobuf.Message;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// What a stream brings: messages and at last `OK` or the failure.
final class Heard<T> implements StreamObserver<T> {
    final BlockingQueue<Object> all = new LinkedBlockingQueue<>();

    @Override
    public void onNext(T value) {
        all.add(value);
    }

    @Override
    public void onError(Throwable failure) {
        all.add(failure);
    }

    @Override
    public void onCompleted() {
        all.add("OK");
    }

    Object next() throws InterruptedException {
        var next = all.poll(20, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("nothing came");
        }
        return next;
    }

    /// `OK` or the failure, after what messages there are.
    Object end() throws InterruptedException {
        var next = next();
        while (next instanceof Message) {
            next = next();
        }
        return next;
    }
}
