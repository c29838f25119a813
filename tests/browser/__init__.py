"""The course in a real JupyterLab in a real browser.

This is a package, unlike the other folders of tests, because a fixture of scope "package" ends with the last test of
a *package*; in a plain folder it would last as long as the session. It has to end here: while Playwright's synchronous
interface is open, an event loop counts as running in this thread, and every `asyncio.run` of a later test would be
refused.
"""
