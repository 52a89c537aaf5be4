package dev.parley.prompt;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.type.TypeReference;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.regex.Pattern;

/// A name for a version, or for a split between several, that can be moved.
@RegisterForReflection
record Label(String name, @JsonProperty("protected") boolean isProtected, Sticky sticky, List<Share> shares) {

    /// What turns follow that name neither a version nor a label. It is protected from birth.
    static final String PRODUCTION = "production";

    static final TypeReference<List<Label>> LIST = new TypeReference<>() {};

    /// All of a prompt `p` as JSON.
    static final String OF_PROMPT = """
            coalesce((
                SELECT jsonb_agg(jsonb_build_object(
                         'name', l.label, 'protected', l.is_protected, 'sticky', l.sticky, 'shares', (
                           SELECT jsonb_agg(jsonb_build_object(
                                    'version', s.version, 'first', s.first_bucket, 'end', s.end_bucket)
                                  ORDER BY s.first_bucket)
                             FROM prompt_label_shares s
                            WHERE s.tenant_id = l.tenant_id AND s.prompt_id = l.prompt_id AND s.label = l.label))
                       ORDER BY l.label)
                  FROM prompt_labels l WHERE l.tenant_id = p.tenant_id AND l.prompt_id = p.id), '[]')::text""";

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

    static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }
}
