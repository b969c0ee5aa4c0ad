/** The pictures that documents show, by the names of their runs. Summaries exist light and dark. */
export const IN_DOCUMENTS = [
  'cli',
  'summary',
  'verify-summary',
  'verify-not-trusted',
  'preflight-denied',
] as const;
