import { createApi } from './api.js';
import { createDialog } from './dialogs.js';
import { createPlayer } from './player.js';
import { createSession } from './session.js';

const byId = (id) => document.getElementById(id);
const feed = byId('feed');
const notice = byId('notice');
const toast = byId('toast');

const session = createSession();
const api = createApi(session);

// ── messages ──

let toastTimer;
const say = (text) => {
  toast.textContent = text;
  toast.classList.add('is-shown');
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => toast.classList.remove('is-shown'), 4000);
};

const showNotice = (title, text, action) => {
  notice.querySelector('button').textContent = action;
  notice.querySelector('.notice-title').textContent = title;
  notice.querySelector('.notice-text').textContent = text;
  notice.hidden = false;
};

// ── the feed ──

/** What the next page starts from; 0 is the newest page, which is also what follows the last one. */
let nextTime = 0;
let loading = false;
const pollEmptyFeedMs = 5000;

const loadPage = async () => {
  if (loading) return;
  loading = true;
  feed.setAttribute('aria-busy', 'true');
  try {
    const page = await api.feed(nextTime);
    nextTime = page.next_time;
    player.append(page.video_list);
    if (player.active || page.video_list.length > 0) notice.hidden = true;
    else showEmpty();
  } catch (failure) {
    if (player.active) say(failure.message);
    else showNotice('The feed cannot be shown', failure.message, 'Try again');
  } finally {
    loading = false;
    feed.setAttribute('aria-busy', 'false');
  }
};

const showEmpty = () => {
  showNotice('No videos yet', 'Upload the first one; it appears here as soon as it is ready.', 'Look again');
  setTimeout(() => !notice.hidden && !document.hidden && loadPage(), pollEmptyFeedMs);
};

const startAgain = () => {
  player.clear();
  nextTime = 0;
  feed.scrollTop = 0;
  return loadPage();
};

// ── likes ──

/** Shown at once, taken back when the platform refuses. A failed like may be repeated: repeating is harmless. */
const like = async (card) => {
  if (!session.token) return account.open();
  const before = { liked: card.video.is_favorite, count: card.video.favorite_count };
  const liked = !before.liked;
  card.showLike({ liked, count: before.count + (liked ? 1 : -1) });
  try {
    await api.like(card.video.id, liked);
  } catch (failure) {
    card.showLike(before);
    if (failure.needsLogin) session.end();
    say(failure.message);
  }
};

const player = createPlayer({ root: feed, template: byId('card'), onNearEnd: loadPage, onLike: like });

// ── account ──

const account = createDialog(byId('account'), async (fields, action) => {
  const [name, password] = [fields.get('username'), fields.get('password')];
  const answer = await (action === 'register' ? api.register(name, password) : api.login(name, password));
  session.start({ userId: answer.user_id, token: answer.token, name });
  say(`Hello, ${name}`);
});

const showAccount = () => {
  byId('account-name').textContent = session.name || 'Log in';
  byId('open-account').setAttribute('aria-label', session.name ? `Log out ${session.name}` : 'Log in or register');
};

/** The page forgets the token in any case; revoked, a copy of it is worth nothing either. */
const logOut = async () => {
  const revocation = api.logout();
  session.end();
  say((await revocation) ? 'Logged out' : 'Logged out here; the platform could not be told');
};

byId('open-account').addEventListener('click', () => (session.token ? logOut() : account.open()));

// The flags of the feed are the caller's: with another caller they are loaded anew.
session.onChange(() => {
  showAccount();
  void startAgain();
});

// ── upload ──

const pollUploadMs = 2000;
const uploadPatienceMs = 180_000;

const upload = createDialog(byId('upload'), async (fields) => {
  const bar = byId('upload').querySelector('progress');
  bar.hidden = false;
  try {
    const before = await api.published(session.userId);
    await api.publish(fields.get('data'), fields.get('title'), (part) => {
      bar.value = part;
    });
    const known = new Set(before.video_list.map(({ id }) => id));
    void tellWhenReady(known);
  } finally {
    bar.hidden = true;
    bar.value = 0;
  }
  say('Uploaded. It is in the feed when it is ready.');
});

/** Looks until the upload is ready or has failed. */
const tellWhenReady = async (known) => {
  const deadline = Date.now() + uploadPatienceMs;
  while (Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, pollUploadMs));
    const { video_list: videos } = await api.published(session.userId).catch(() => ({ video_list: [] }));
    const video = videos.find(({ id }) => !known.has(id));
    if (video?.state === 'failed') return say(`“${video.title}” cannot be played: ${video.reason || 'unknown reason'}`);
    if (video?.state === 'ready') {
      await startAgain();
      return say(`“${video.title}” is in the feed`);
    }
  }
};

byId('open-upload').addEventListener('click', () => (session.token ? upload.open() : account.open()));

// ── keys ──

const keys = {
  ArrowDown: () => player.move(1),
  PageDown: () => player.move(1),
  j: () => player.move(1),
  ArrowUp: () => player.move(-1),
  PageUp: () => player.move(-1),
  k: () => player.move(-1),
  m: () => player.toggleSound(),
  l: () => player.active && like(player.active),
  ' ': () => player.togglePlay(),
};

document.addEventListener('keydown', (event) => {
  const inForm = event.target.closest?.('dialog, input');
  const onButton = event.key === ' ' && event.target.closest?.('button');
  const action = keys[event.key];
  if (!action || inForm || onButton || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  action();
});

notice.querySelector('button').addEventListener('click', loadPage);

showAccount();
void loadPage();
