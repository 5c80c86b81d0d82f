const storageKey = 'tiktok-lite-session';

const remembered = () => {
  try {
    return JSON.parse(localStorage.getItem(storageKey)) ?? {};
  } catch {
    return {};
  }
};

/** Who is logged in; kept over visits. `onChange` hears about each login and logout. */
export const createSession = () => {
  let account = remembered();
  const listeners = [];
  const change = (next) => {
    account = next;
    localStorage.setItem(storageKey, JSON.stringify(next));
    for (const listener of listeners) listener();
  };

  return {
    get token() {
      return account.token ?? '';
    },
    get userId() {
      return account.userId ?? 0;
    },
    get name() {
      return account.name ?? '';
    },
    start: (next) => change(next),
    end: () => change({}),
    onChange: (listener) => listeners.push(listener),
  };
};
