/** A text as it stands between the quotes of a JSON string; it holds no line feed. */
export const jsonText = (text: string): string => JSON.stringify(text).slice(1, -1);
