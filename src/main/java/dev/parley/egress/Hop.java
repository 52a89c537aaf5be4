package dev.parley.egress;

import java.util.Map;
import java.util.Optional;

/// One request on the way to an answer: the first, or one that a redirect asks for.
record Hop(EgressUrl url, EgressMethod method, Map<String, String> headers, byte[] body) {

    static Hop first(EgressRequest request) {
        RequestHeaders.check(request.headers());
        return new Hop(EgressUrl.parse(request.url()), request.method(), request.headers(), request.body());
    }

    /// What follows a redirect; empty where the answer is none that can be followed.
    ///
    /// @throws EgressFailure if it may not be followed
    Optional<Hop> after(Answer answer) {
        return switch (answer.status()) {
            case 301, 302, 303, 307, 308 -> answer.headers().first("Location").map(to -> to(to, answer.status()));
            default -> Optional.empty();
        };
    }

    private Hop to(String location, int status) {
        EgressUrl next = resolved(location);
        if (url.isEncrypted() && !next.isEncrypted()) {
            throw new EgressFailure(new EgressError.Downgraded(next.host().text()));
        }
        Map<String, String> kept =
                next.origin().equals(url.origin()) ? headers : RequestHeaders.forAnotherOrigin(headers);
        return becomesGet(status)
                ? new Hop(next, EgressMethod.GET, RequestHeaders.withoutBody(kept), new byte[0])
                : new Hop(next, method, kept, body);
    }

    /// A redirect that cannot be read is the server's fault, not that of the URL's author.
    private EgressUrl resolved(String location) {
        try {
            return url.resolve(location);
        } catch (EgressFailure unreadable) {
            throw new EgressFailure(new EgressError.Malformed(url.host().text()), unreadable);
        }
    }

    /// RFC 9110, section 15.4: 303 always, 301 and 302 where browsers do.
    private boolean becomesGet(int status) {
        return switch (status) {
            case 303 -> method != EgressMethod.HEAD;
            case 301, 302 -> method == EgressMethod.POST;
            default -> false;
        };
    }

    /// Without anything secret: for logs.
    @Override
    public String toString() {
        return method + " " + url;
    }
}
