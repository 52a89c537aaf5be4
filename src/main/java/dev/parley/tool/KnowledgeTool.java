package dev.parley.tool;

/// A search of the vector stores that an admin chose.
record KnowledgeTool(ToolInfo info, Recipe.Knowledge recipe, KnowledgeSearch search) implements Tool {

    @Override
    public String call(Invocation invocation) {
        ArgumentSchema.of(info.parameters()).check(invocation.arguments());
        String query = invocation.arguments().get("query").textValue();
        return search.search(query, recipe.stores(), recipe.maxResults(), invocation);
    }
}
