/** The page of the state map takes the playground for an editor, which tells it what to draw and opens places. */
let kept: unknown;

Object.assign(window, {
  acquireVsCodeApi: () => ({
    getState: () => kept,
    setState: (state: unknown) => {
      kept = state;
    },
    postMessage: (message: unknown) => window.parent.postMessage(message, window.location.origin),
  }),
});

export {};
