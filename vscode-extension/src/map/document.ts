/** What a page in a webview needs: where its files are, and who may give it styles. */
export interface Sources {
  script: string;
  style: string;
  /** The webview's own source, as its content security policy names it. */
  source: string;
  nonce: string;
}

/** The page of the map: it may run its own script and load its own style sheet, and nothing else. */
export function page({ script, style, source, nonce }: Sources): string {
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${source}; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>State Map</title>
<link rel="stylesheet" href="${style}">
</head>
<body>
<main id="map"></main>
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>
`;
}
