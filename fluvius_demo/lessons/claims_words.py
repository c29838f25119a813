"""What the migration document claims, in its own words; "…" stands where words of it are left out."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Claim:
    """A claim in the document's own words."""

    id: str
    words: str


CLAIMS: dict[str, Claim] = {
    claim.id: claim
    for claim in (
        # Key Benefits
        Claim("C01", "Each command execution gets its own isolated context"),
        Claim("C02", 'No more "Overlapping context" errors'),
        Claim("C03", "Multiple commands can run concurrently without interference"),
        Claim("C04", "Context variables work seamlessly with async/await"),
        Claim("C05", "Proper isolation in concurrent scenarios"),
        Claim("C06", "No manual cleanup required"),
        Claim("C07", "Each test can have its own isolated context"),
        Claim("C08", "No need to manually reset state between tests"),
        Claim("C09", "Better parallel test execution support"),
        Claim("C10", "Context variables are thread-local by default"),
        Claim("C11", "Safe for multi-threaded environments"),
        Claim("C12", "Proper isolation across different execution contexts"),
        # How It Works
        Claim("C13", "Command End: Context variables are automatically isolated for next execution"),
        Claim("C14", "can run concurrently or sequentially … completely isolated"),
        # Migration Details
        Claim("C15", "create_event(): Uses context-isolated event queue"),
        Claim("C16", "All properties (context, rootobj, aggroot, command): Now use context variables"),
        Claim("C17", "clear_context(): Manually clear all context variables"),
        Claim("C18", "get_context_state(): Debug method to inspect current context state"),
        Claim("C19", "Overlapping context check (no longer needed)"),
        # Testing the Migration
        Claim(
            "C20",
            "This will verify: … Context isolation between commands … Proper cleanup after command execution … "
            "Concurrent command execution safety",
        ),
        # Backward Compatibility
        Claim(
            "C21",
            "What Still Works … All existing aggregate methods and properties … Command processor decorators … "
            "Event creation and consumption … Response and message creation",
        ),
        Claim("C22", "Better error handling for missing context"),
        # Performance Impact
        Claim("C23", "Context variable access is very fast"),
        Claim("C24", "No significant performance impact"),
        Claim("C25", "Better scalability for concurrent operations"),
        Claim("C26", "No need to store context state in instances"),
        Claim("C27", "Automatic cleanup reduces memory leaks"),
        Claim("C28", "Better garbage collection behavior"),
        # Troubleshooting
        Claim("C29", "RuntimeError: Aggregate context is not initialized."),
        Claim("C30", "Verify Python version supports contextvars (Python 3.7+)"),
        Claim("C31", "aggregate.clear_context() to reset state between tests"),
        Claim("C32", "Check current context state … Clear context manually if needed"),
    )
}
