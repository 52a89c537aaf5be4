package dev.parley.ingestion.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.ingestion.source.Links.Unreadable;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class LinksTest {

    @Test
    void aSitemapListsPagesAndNoPictures() throws IOException {
        Links links = Links.ofSitemap(stream("""
                <?xml version="1.0" encoding="UTF-8"?>
                <!-- ours -->
                <urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://www.google.com/i">
                  <url><loc> https://e.com/a?x=1&amp;y=2 </loc><lastmod>2026-01-01</lastmod>
                       <image:image><image:loc>https://e.com/a.png</image:loc></image:image></url>
                  <url><loc>https://e.com/b</loc></url>
                </urlset>"""));

        assertThat(links.pages()).containsExactly("https://e.com/a?x=1&y=2", "https://e.com/b");
        assertThat(links.sitemaps()).isEmpty();
    }

    @Test
    void anIndexListsSitemaps() throws IOException {
        Links links = Links.ofSitemap(
                stream("<sitemapindex><sitemap><loc>https://e.com/1.xml</loc></sitemap></sitemapindex>"));

        assertThat(links.sitemaps()).containsExactly("https://e.com/1.xml");
    }

    @Test
    void rssNamesItsPagesByLinkOrGuid() throws IOException {
        Links links = Links.ofFeed(stream("""
                <rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><link>https://e.com/</link>
                  <item><title>1</title><atom:link href="https://e.com/no"/><link>https://e.com/1</link></item>
                  <item><guid>https://e.com/2</guid><description>&lt;a href="x"&gt;</description></item>
                  <item><guid isPermaLink="false">tag:3</guid></item>
                </channel></rss>"""));

        assertThat(links.pages()).containsExactly("https://e.com/1", "https://e.com/2");
    }

    @Test
    void atomNamesItsPagesByTheirAlternateLink() throws IOException {
        Links links = Links.ofFeed(stream("""
                <feed xmlns="http://www.w3.org/2005/Atom"><link href="https://e.com/"/>
                  <entry><link rel="self" href="https://e.com/feed/1"/><link rel="alternate" href="https://e.com/1"/></entry>
                  <entry><link href="2"/><content type="xhtml"><div><p>text</p></div></content></entry>
                </feed>"""));

        assertThat(links.pages()).isEqualTo(List.of("https://e.com/1", "2"));
    }

    @Test
    void entitiesAreNotExpandedAndFilesNotRead() {
        for (String bomb : List.of(
                "<!DOCTYPE u [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><urlset><url><loc>&b;</loc></url></urlset>",
                "<!DOCTYPE u [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><urlset><url><loc>&a;</loc></url></urlset>",
                "<!DOCTYPE u SYSTEM \"http://169.254.169.254/\"><urlset/>")) {
            assertThatThrownBy(() -> Links.ofSitemap(stream(bomb))).isInstanceOf(Unreadable.class);
        }
    }

    @Test
    void whatGrowsTooLargeIsRefused() throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write("<urlset><url>".getBytes(StandardCharsets.UTF_8));
            byte[] blanks = " ".repeat(1024 * 1024).getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < 60; i++) {
                gzip.write(blanks);
            }
        }

        assertThatThrownBy(() -> Links.ofSitemap(new ByteArrayInputStream(packed.toByteArray())))
                .isInstanceOf(Unreadable.class)
                .hasMessageContaining("larger");
    }

    @Test
    void anythingElseIsNamed() {
        assertThatThrownBy(() -> Links.ofSitemap(stream("<html><body>Sign in</body></html>")))
                .hasMessageContaining("html");
        assertThatThrownBy(() -> Links.ofFeed(stream("not xml"))).isInstanceOf(Unreadable.class);
        assertThatThrownBy(() -> Links.ofFeed(stream(""))).isInstanceOf(Unreadable.class);
    }

    @Test
    void aScopeIsAHostUnlessItSaysMore() {
        WebUrl base = url("https://e.com/sitemap.xml");
        var own = new LinkScope(base, List.of(), List.of("/old/"));
        assertThat(own.holds(url("https://e.com/a#b"))).isTrue();
        assertThat(own.holds(url("https://e.com/old/a"))).isFalse();
        assertThat(own.holds(url("https://other.com/a"))).isFalse();

        var wide = new LinkScope(base, List.of("/docs/", "https://docs.e.com"), List.of());
        assertThat(wide.holds(url("https://e.com/docs/a"))).isTrue();
        assertThat(wide.holds(url("https://e.com/a"))).isFalse();
        assertThat(wide.holds(url("https://docs.e.com/a"))).isTrue();
        assertThat(wide.holds(url("https://docs.e.com.evil/a"))).isFalse();
    }

    private static WebUrl url(String text) {
        return WebUrl.parse(text).orElseThrow();
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
