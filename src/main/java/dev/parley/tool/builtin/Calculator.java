package dev.parley.tool.builtin;

import dev.parley.tool.Description;
import dev.parley.tool.Invocation;
import dev.parley.tool.JavaTool;
import dev.parley.tool.ServerTool;
import dev.parley.tool.ToolFailure;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;

@ServerTool(
        name = "calculator",
        description =
                "Exact decimal arithmetic. Use it for every calculation instead of doing it yourself. Knows + - * / "
                        + "% (remainder) ^ (whole exponents) and parentheses, and sqrt(x), abs(x), floor(x), ceil(x), "
                        + "round(x, digits), min(x, …), max(x, …).")
class Calculator implements JavaTool<Calculator.Arguments> {

    @RegisterForReflection
    record Arguments(
            @Description("Such as (1299.90 - 15%100) * 1.19 ^ 2; decimal points, no thousands separators.")
            @NotBlank
            @Size(max = Expression.MAX_LENGTH)
            String expression) {}

    @Override
    public Class<Arguments> arguments() {
        return Arguments.class;
    }

    @Override
    public String call(Arguments arguments, Invocation invocation) {
        try {
            return new Expression(arguments.expression).evaluate();
        } catch (ArithmeticException wrong) {
            throw ToolFailure.withoutEffect("This cannot be calculated: %s.".formatted(wrong.getMessage()));
        }
    }
}
