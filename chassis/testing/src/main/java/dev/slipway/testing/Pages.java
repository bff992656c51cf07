package dev.slipway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.slipway.local.DevelopmentTokens;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;

/// What a person sees of a service in a browser, looked at in one: the home pages of both ports and where they lead; the
/// page of each version of the API, with its operations, a token and a call; GraphiQL, with a query that runs.
///
/// A page that answers 200 can be empty.
public final class Pages {
    private static final JsonMapper JSON = new JsonMapper();

    private final Browser browser;
    private final List<String> roles;

    Pages(Browser browser, List<String> roles) {
        this.browser = browser;
        this.roles = List.copyOf(roles);
    }

    /// Fails if a page does not work; skips the test where there is no browser ([Browser#open]).
    ///
    /// @param roles of the token that is used on the API's page
    public static void work(TestService service, String... roles) {
        try (var browser = Browser.open()) {
            var pages = new Pages(browser, List.of(roles));
            pages.home(service.address("http"));
            pages.home(service.address("management"));
        }
    }

    /// Looks at a home page and whatever it links to.
    void home(URI address) {
        var links = new ArrayList<URI>();
        browser.visit(address, page -> {
            for (var link : page.locator("a").all()) {
                links.add(URI.create(address + "/").resolve(link.getAttribute("href")));
            }
            for (var link : links) {
                var answer = page.request().get(link.toString());
                assertThat(answer.status())
                        .as("%s, linked from %s", link, address)
                        .isEqualTo(200);
            }
        });
        assertThat(links).as("links of %s", address).isNotEmpty();
        links.stream().filter(link -> link.getPort() == address.getPort()).forEach(link -> {
            switch (link.getPath()) {
                case "/docs" -> browser.visit(link, this::api);
                case "/graphiql" -> browser.visit(link, Pages::graphiql);
                default -> {}
            }
        });
    }

    private void api(Page page) {
        page.locator(".opblock").first().waitFor();
        var choice = page.locator("#select");
        var versions =
                choice.count() == 0 ? List.of("v1") : choice.locator("option").allInnerTexts();
        var tried = 0;
        for (var version : versions) {
            if (choice.count() > 0) {
                choice.selectOption(version);
            }
            var file = URI.create(page.url()).resolve("openapi/" + version + ".json");
            tried += version(page, read(page.request().get(file.toString()).text()));
        }
        assertThat(tried).as("operations that were tried on %s", page.url()).isPositive();
    }

    /// @return how many operations could be tried, which are those without input
    private int version(Page page, JsonNode document) {
        var operations = new ArrayList<JsonNode>();
        var free = new ArrayList<JsonNode>();
        document.get("paths").forEach(path -> {
            path.forEach(operations::add);
            if (isFree(path.path("get"))) {
                free.add(path.path("get"));
            }
        });
        operations.forEach(operation -> page.locator(block(operation)).waitFor());
        assertThat(page.locator(".opblock").count())
                .as("operations on %s", page.url())
                .isEqualTo(operations.size());
        authorize(page);
        free.stream()
                .min(Comparator.comparing(operation -> !operation.has("security")))
                .ifPresent(operation -> call(page, operation));
        return free.size();
    }

    private static boolean isFree(JsonNode operation) {
        Predicate<JsonNode> required = parameter -> parameter.path("required").asBoolean();
        return StreamSupport.stream(operation.path("parameters").spliterator(), false)
                        .noneMatch(required)
                && operation.at("/responses/200/content").has("application/json");
    }

    private void authorize(Page page) {
        var token = DevelopmentTokens.token("somebody", roles, Instant.now());
        page.locator(".btn.authorize").click();
        var dialog = page.locator(".dialog-ux");
        if (dialog.locator("input").count() > 0) {
            dialog.locator("input").fill(token);
            dialog.locator("button[type=submit]").click();
        }
        dialog.locator(".btn-done").click();
    }

    private static void call(Page page, JsonNode operation) {
        var block = page.locator(block(operation));
        block.locator(".opblock-summary-control").click();
        block.locator(".try-out__btn").click();
        block.locator(".execute").click();
        var status = block.locator(".live-responses-table tbody .response-col_status")
                .first();
        status.waitFor();
        assertThat(status.innerText().strip()).as(block.innerText()).startsWith("200");
    }

    private static String block(JsonNode operation) {
        return "#operations-%s-%s"
                .formatted(
                        operation.at("/tags/0").asText(),
                        operation.get("operationId").asText());
    }

    private static void graphiql(Page page) {
        var editor = page.locator(".graphiql-query-editor .CodeMirror");
        editor.waitFor();
        assertThat(text(page, ".graphiql-query-editor")).startsWith("{");
        assertThat(text(page, ".graphiql-editor-tool")).contains("\"Bearer ");
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Execute query (Ctrl-Enter)"))
                .click();
        page.locator(".graphiql-response .result-window .CodeMirror-line >> text=data")
                .first()
                .waitFor();
        var answer = read(text(page, ".result-window"));
        assertThat(answer.has("errors")).as("%s", answer).isFalse();
        assertThat(answer.get("data")).as("%s", answer).isNotEmpty();
    }

    /// What the editors in a part of GraphiQL hold.
    private static String text(Page page, String part) {
        return String.valueOf(page.evaluate(
                "part => [...document.querySelectorAll(part + ' .CodeMirror')].map(it => it.CodeMirror.getValue()).join('')",
                part));
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new AssertionError(json + " is not JSON", e);
        }
    }
}
