package dev.slipway.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.io.File;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// A headless Chromium for tests of web pages, driven by [Playwright](https://playwright.dev/java): the browser and the
/// node of the machine, nothing is downloaded. For one thread.
public final class Browser implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final List<String> FLAGS = List.of(
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-quic");

    private final Duration patience;
    private final Playwright playwright;
    private final com.microsoft.playwright.Browser chromium;

    /// @param patience how long a page may take to show what is looked for
    private Browser(Path node, Path executable, Duration patience) {
        this.patience = patience;
        playwright = Playwright.create(new Playwright.CreateOptions()
                .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1", "PLAYWRIGHT_NODEJS_PATH", node.toString())));
        chromium = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(executable)
                        .setArgs(FLAGS));
    }

    /// Starts it; where it cannot be had, the test is skipped and says what is missing.
    public static Browser open() {
        return open(PATIENCE);
    }

    static Browser open(Duration patience) {
        var node = onPath("node");
        var executable = onPath("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");
        assumeTrue(node.isPresent(), "skipped: there is no node on the PATH, which drives the browser");
        assumeTrue(executable.isPresent(), "skipped: there is no Chromium on the PATH");
        return new Browser(node.get(), executable.get(), patience);
    }

    private static Optional<Path> onPath(String... names) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .flatMap(folder -> Arrays.stream(names).map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /// Opens an address as somebody would who was never there before, and lets `look` look at the page. Whatever the
    /// page complains of in the browser's console fails the test, too: scripts that throw, policies that are broken,
    /// parts that are not there.
    public void visit(URI address, Consumer<Page> look) {
        var complaints = new CopyOnWriteArrayList<String>();
        try (var context = chromium.newContext()) {
            context.setDefaultTimeout((double) patience.toMillis());
            var page = context.newPage();
            page.onConsoleMessage(message -> {
                if (message.type().equals("error")) {
                    complaints.add(message.text() + " (" + message.location() + ")");
                }
            });
            page.onPageError(complaints::add);
            page.navigate(address.toString());
            look.accept(page);
            assertThat(complaints).as("what %s complains of", address).isEmpty();
        }
    }

    @Override
    public void close() {
        chromium.close();
        playwright.close();
    }
}
