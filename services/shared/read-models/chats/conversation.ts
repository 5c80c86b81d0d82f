/** A chat of two users: whoever of them asks, it is the same one. */
export interface Conversation {
  lowUser: number;
  highUser: number;
}

export const conversationOf = (userId: number, otherId: number): Conversation => ({
  lowUser: Math.min(userId, otherId),
  highUser: Math.max(userId, otherId),
});

/** The conversation in one word, for keys and maps. */
export const conversationName = ({ lowUser, highUser }: Conversation): string => `${lowUser}:${highUser}`;

/** The conversation that a word names. */
export function parseConversationName(name: string): Conversation {
  const [lowUser, highUser] = name.split(':');
  return { lowUser: Number(lowUser), highUser: Number(highUser) };
}
