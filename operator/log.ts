import { type DestinationStream, type Logger, pino } from 'pino';

/** JSON lines on standard output; written at once, so that the last line before an exit is never lost. */
export const createLogger = (
  level: string,
  destination: DestinationStream = pino.destination({ dest: 1, sync: true }),
): Logger =>
  pino(
    {
      level,
      base: { component: 'operator' },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: serializeError },
    },
    destination,
  );

interface SerializedError {
  type: string;
  message: string;
  stack?: string | undefined;
  cause?: SerializedError;
}

const deepestCause = 5;

/** Picks fields by name: an error may carry what must not be logged. The stack is that of the outermost. */
function serializeError(error: unknown, depth = 0): SerializedError {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error) };
  const { name, message, stack, cause } = error;
  return {
    type: name,
    message,
    ...(depth === 0 ? { stack } : {}),
    ...(cause !== undefined && depth < deepestCause ? { cause: serializeError(cause, depth + 1) } : {}),
  };
}
