package dev.slipway.core;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// The ports that a service wants, looked at before it starts.
final class Ports {
    private Ports() {}

    /// Why it cannot have some of them, each by its setting. All are held until the last has been looked at, so two parts
    /// that want the same one are found, too.
    static List<String> refusals(List<Supplier<BindAddress>> wanted) {
        var refusals = new ArrayList<String>();
        var held = new ArrayList<ServerSocket>();
        for (var each : wanted) {
            try {
                hold(each.get(), held);
            } catch (StartException e) {
                refusals.addAll(e.reasons());
            }
        }
        held.forEach(Ports::close);
        return refusals;
    }

    /// A port 0 is always free.
    private static void hold(BindAddress bound, List<ServerSocket> held) {
        try {
            if (bound.port() != 0) {
                held.add(bound.hold());
            }
        } catch (IOException e) {
            throw bound.taken(String.valueOf(e.getMessage()), e);
        }
    }

    private static void close(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
