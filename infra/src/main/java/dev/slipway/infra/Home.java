package dev.slipway.infra;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Where a user's infrastructure lives when nobody says otherwise: the user's cache folder.
///
/// As root PostgreSQL runs as another user, to whom the home of root is closed, so the first folder open to all is taken.
final class Home {
    static final String USER = System.getProperty("user.name");
    static final boolean ROOT = USER.equals("root");

    private Home() {}

    static Path ofThisUser() {
        return choose(System.getenv(), Path.of(System.getProperty("user.home")), ROOT);
    }

    static Path choose(Map<String, String> environment, Path userHome, boolean openToAll) {
        List<Path> caches = new ArrayList<>();
        String xdg = environment.getOrDefault("XDG_CACHE_HOME", "");
        if (Path.of(xdg).isAbsolute()) {
            caches.add(Path.of(xdg));
        }
        caches.add(userHome.resolve(".cache"));
        if (openToAll) {
            caches.add(Path.of("/var/cache"));
        }
        caches.add(Path.of(System.getProperty("java.io.tmpdir"), "cache-of-" + USER));
        return caches.stream()
                .filter(cache -> !openToAll || isOpenToAll(cache))
                .map(cache -> cache.resolve("slipway", "infra"))
                .filter(Home::isOurs)
                .findFirst()
                .orElseThrow(() -> new InfraException(
                        "No folder for infrastructure can be written; tried %s. Point XDG_CACHE_HOME at one."
                                .formatted(caches)));
    }

    private static boolean isOpenToAll(Path folder) {
        for (Path path = folder; path != null; path = path.getParent()) {
            try {
                if (Files.exists(path)
                        && !Files.getPosixFilePermissions(path).contains(PosixFilePermission.OTHERS_EXECUTE)) {
                    return false;
                }
            } catch (IOException e) {
                return false;
            }
        }
        return true;
    }

    /// Another user may have made the folder first, to plant programs in it: the temporary folder is everybody's.
    private static boolean isOurs(Path folder) {
        try {
            Files.createDirectories(folder);
            return Files.isWritable(folder) && Files.getOwner(folder).getName().equals(USER);
        } catch (IOException e) {
            return false;
        }
    }
}
