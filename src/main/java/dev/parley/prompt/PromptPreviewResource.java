package dev.parley.prompt;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.api.JsonField;
import dev.parley.identity.Scopes;
import dev.parley.model.ChatModels;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;

/// `/v1/prompts/preview`: for those who want to know what a version would say before they make it. It needs no
/// right to write, so a plan can be made by anybody who may read.
@Path("/v1/prompts/preview")
@RolesAllowed({Scopes.CHAT, Scopes.PROMPTS, Scopes.RELEASE})
@RunOnVirtualThread
class PromptPreviewResource {

    private final ContentReader reader;

    PromptPreviewResource(ChatModels models) {
        this.reader = new ContentReader(models);
    }

    /// The content, checked like a version's and in the form that versions have.
    @POST
    public PromptContent preview(@NotNull JsonNode body) {
        return reader.read(JsonField.root(body).allowOnly(ContentReader.MEMBERS));
    }
}
