"""The 32 claims are the migration document's: word for word, and in its order."""

import re

import pytest

from fluvius_demo.lessons.claims import CHECKS, CLAIMS

# The document's lines that claim something, as they are.
DOCUMENT = """
## Key Benefits

### 1. **Automatic Context Isolation**
- Each command execution gets its own isolated context
- No more "Overlapping context" errors
- Multiple commands can run concurrently without interference

### 2. **Better Async Support**
- Context variables work seamlessly with async/await
- Proper isolation in concurrent scenarios
- No manual cleanup required

### 3. **Improved Testing**
- Each test can have its own isolated context
- No need to manually reset state between tests
- Better parallel test execution support

### 4. **Thread Safety**
- Context variables are thread-local by default
- Safe for multi-threaded environments
- Proper isolation across different execution contexts

## How It Works

### Context Variable Lifecycle
3. **Command End**: Context variables are automatically isolated for next execution

### Automatic Isolation
# Command 2 execution (can run concurrently or sequentially)
    # Uses ctx2 context - completely isolated from ctx1

## Migration Details

### Changed Methods
- `create_event()`: Uses context-isolated event queue
- All properties (`context`, `rootobj`, `aggroot`, `command`): Now use context variables

### New Methods
- `clear_context()`: Manually clear all context variables (useful for testing)
- `get_context_state()`: Debug method to inspect current context state

### Removed Code
- Overlapping context check (no longer needed)

## Testing the Migration

This will verify:
- Context isolation between commands
- Proper cleanup after command execution
- Concurrent command execution safety

## Backward Compatibility

### What Still Works
- All existing aggregate methods and properties
- Command processor decorators
- Event creation and consumption
- Response and message creation

### What Changed
- Better error handling for missing context

## Performance Impact

### Minimal Overhead
- Context variable access is very fast
- No significant performance impact
- Better scalability for concurrent operations

### Memory Benefits
- No need to store context state in instances
- Automatic cleanup reduces memory leaks
- Better garbage collection behavior

## Troubleshooting

#### 1. Context Not Initialized Error
RuntimeError: Aggregate context is not initialized.

#### 2. Context Variables Not Working
**Check**: Verify Python version supports `contextvars` (Python 3.7+)

#### 3. Testing Issues
**Use**: `aggregate.clear_context()` to reset state between tests

### Debug Methods
# Check current context state
# Clear context manually if needed
"""
PLAIN = re.sub(r"\*\*|`", "", DOCUMENT)


def test_they_are_numbered_from_1_to_32() -> None:
    """As in the ledger."""
    assert list(CLAIMS) == [claim.id for claim in CLAIMS.values()] == [f"C{number:02}" for number in range(1, 33)]


@pytest.mark.parametrize("id", CLAIMS)
def test_the_words_are_those_of_the_document(id: str) -> None:
    """Without its marks; each part between dots stands there, in this order."""
    places = [PLAIN.find(words) for words in CLAIMS[id].words.split(" … ")]
    assert -1 not in places
    assert places == sorted(places)


def test_they_stand_in_the_documents_order() -> None:
    """Each at a place of its own."""
    places = [PLAIN.find(claim.words.split(" … ")[0]) for claim in CLAIMS.values()]
    assert places == sorted(set(places))


def test_each_has_a_check() -> None:
    """Six have a judge of their own."""
    assert sorted([*CHECKS, *(f"C{number}" for number in range(23, 29))]) == list(CLAIMS)
