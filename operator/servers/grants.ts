/** `GRANT SELECT, CREATE ON `clips`.* TO …`: what, and on which schema. */
const grant = /^GRANT (?<privileges>.+) ON (?:`(?<schema>(?:[^`]|``)+)`|\*)\.\* TO /;
const grantedRole = /^GRANT `?[^ ]+`? TO /;

/**
 * Whether a user may create tables in a schema, by the rows of `SHOW GRANTS`. Names of schemas are patterns there, with `_`
 * and `%` for any character or characters unless a backslash is before them. What comes by a role cannot be seen: it counts.
 */
export const mayCreateTables = (grants: readonly string[], database: string): boolean =>
  grants.some((row) => {
    const { privileges, schema } = grant.exec(row)?.groups ?? {};
    if (privileges === undefined) return grantedRole.test(row);
    return /(^|, )(ALL PRIVILEGES|CREATE)(,|$)/.test(privileges) && (schema === undefined || matches(schema, database));
  });

function matches(pattern: string, name: string): boolean {
  const parts = pattern.replaceAll('``', '`').match(/\\.|[\s\S]/g) ?? [];
  const expression = parts.map((part) => wildcards[part] ?? literally(part.length === 2 ? part.slice(1) : part));
  return new RegExp(`^${expression.join('')}$`, 'i').test(name);
}

const wildcards: Record<string, string> = { '%': '.*', _: '.' };

const literally = (text: string): string => text.replace(/[\^$.*+?()[\]{}|]/g, '\\$&');
