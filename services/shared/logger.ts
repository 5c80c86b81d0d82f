import { type DestinationStream, type Logger, pino } from 'pino';

export type { Logger } from 'pino';

/** Fields that never reach a log, whoever passes an object that has them. */
const secretFields = ['password', 'token', 'secret', 'authorization', 'sql', 'bindings'];

/** JSON lines on standard output; written at once, so that the last line before an exit is never lost. */
export const createLogger = (
  { component, level }: { component: string; level: string },
  destination: DestinationStream = pino.destination({ dest: 1, sync: true }),
): Logger =>
  pino(
    {
      level,
      base: { component },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: secretFields.flatMap((field) => [field, `*.${field}`]), censor: '[secret]' },
      serializers: { err: serializeError, error: serializeError },
    },
    destination,
  );

interface SerializedError {
  type: string;
  message: string;
  code?: unknown;
  stack?: string | undefined;
  cause?: SerializedError;
}

/** Picks fields by name: drivers put statements with their values, and so secrets, on their errors. */
function serializeError(error: unknown, depth = 0): SerializedError {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error) };
  const { name, message, stack, cause } = error;
  return {
    type: name,
    message,
    ...('code' in error ? { code: error.code } : {}),
    ...(depth === 0 ? { stack } : {}),
    ...(cause !== undefined && depth < 5 ? { cause: serializeError(cause, depth + 1) } : {}),
  };
}
