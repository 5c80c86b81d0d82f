import { writeFile } from 'node:fs/promises';
import { endpoints } from './endpoints.ts';

/** The page that is made of the matrix. */
export const accessPage = new URL('../../../docs/access.md', import.meta.url);

const head = `# Who may do what

Made from \`test/api/access/endpoints.ts\` by \`node test/api/access/document.ts\`; \`test/api/access-matrix.test.ts\` holds a running
platform against every line, and this page against the table.

- **Tokens** travel in the query, in a form or as \`Authorization: Bearer\`. Not valid are: none, an empty one, a text, one that
  is unsigned or signed with another key, for another audience, expired, or revoked by a logout (here or everywhere).
- **Assignment**: whatever else a request names (ids, owners, counts, states, times, hashes) changes nothing and comes back
  nowhere. Owners come from the token, ids, times and counts from the server.

| endpoint | without a valid token | things of others |
|---|---|---|
`;

/** The matrix as Markdown. */
export const renderAccess = (): string =>
  `${head}${endpoints.map(({ method, path, withoutToken, others }) => `| ${method} ${path} | ${withoutToken} | ${others} |\n`).join('')}`;

if (import.meta.main) await writeFile(accessPage, renderAccess());
