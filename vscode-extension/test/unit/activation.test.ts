import { beforeEach, describe, expect, it } from "vitest";
import { importsStreamlit, Sleep, showsStreamlit } from "../../src/activation";
import { document, events, given, reset, workspace } from "./vscode";

describe("a text", () => {
  it.each([
    "import streamlit",
    "import streamlit as st",
    "x = 1\n  import streamlit as st\n",
    "from streamlit import session_state",
    "from streamlit.runtime import get_instance",
    "import os, streamlit as st",
    "import pandas as pd,streamlit",
    "import os; import streamlit",
    "if fast: import streamlit",
    "import os\r\nimport streamlit\r\n",
  ])("uses Streamlit: %j", (text) => {
    expect(importsStreamlit(text)).toBe(true);
  });

  it.each([
    "",
    "# import streamlit",
    "import streamlit_authenticator",
    "import mystreamlit",
    "from mine import streamlit_page",
    'print("import streamlit")',
    "streamlit = 1",
  ])("does not use Streamlit: %j", (text) => {
    expect(importsStreamlit(text)).toBe(false);
  });
});

describe("a file", () => {
  it.each([
    ["/app/requirements.txt", "pandas\nstreamlit==1.40\n", true],
    ["/app/pyproject.toml", 'dependencies = ["streamlit>=1.28"]', true],
    ["/app/requirements.txt", "pandas\n", false],
    ["/app/.streamlit/config.toml", "", true],
    ["/app/app.py", "import streamlit as st", true],
    ["/app/app.py", "# streamlit", false],
  ])("shows whether its project uses Streamlit: %s %j", (name, text, wanted) => {
    expect(showsStreamlit(name, text)).toBe(wanted);
  });
});

describe("the extension sleeps", () => {
  let seen: string[];
  let sleep: Sleep;
  beforeEach(() => {
    reset();
    seen = [];
    sleep = new Sleep();
    sleep.onDidWake((sign) => seen.push(sign));
  });

  it("until a document is opened or saved that uses Streamlit, and wakes once", async () => {
    given.files.set("/app/main.py", "import os");
    await sleep.begin();
    expect([sleep.isAwake, seen]).toEqual([false, []]);
    events.opened.fire(document("/app/notes.md", "import streamlit", "markdown"));
    events.saved.fire(document("/app/main.py", "import os"));
    expect(seen).toEqual([]);
    events.saved.fire(document("/app/main.py", "import streamlit"));
    events.opened.fire(document("/app/other.py", "import streamlit"));
    expect([sleep.isAwake, seen]).toEqual([true, ["main.py"]]);
  });

  it("not at all where an open document uses it", async () => {
    given.documents = [document("/app/main.py", "import streamlit")];
    await sleep.begin();
    expect(seen).toEqual(["main.py"]);
    expect(workspace.findFiles).not.toHaveBeenCalled();
  });

  it.each(["/app/requirements-dev.txt", "/app/.streamlit/config.toml", "/app/src/app.py"])(
    "not where a file of the workspace shows it: %s",
    async (path) => {
      given.files.set(path, "import streamlit");
      await sleep.begin();
      expect(seen.length).toBe(1);
    },
  );

  it("after a look at few files and no large one", async () => {
    for (let index = 0; index < 500; index++) given.files.set(`/app/m${index}.py`, "import os");
    given.files.set("/app/large.py", "import streamlit\n".repeat(100_000));
    await sleep.begin();
    expect(workspace.fs.readFile.mock.calls.length).toBeLessThan(100);
    expect(sleep.isAwake).toBe(false);
  });
});
