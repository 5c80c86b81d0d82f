type Write = (fields: object, message: string) => void;

/** What the machinery asks of a logger; pino's has this shape. */
export interface Log {
  debug: Write;
  info: Write;
  warn: Write;
  error: Write;
}

const ignore: Write = () => {};

/** Says nothing. */
export const silentLog: Log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
