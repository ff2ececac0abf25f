// The browser's notifications, where it has them.

/** 'granted', 'denied', 'default' (nobody was asked yet) or '' where there are none. */
export function notify_permission() {
  return globalThis.Notification?.permission ?? '';
}

/** Asks whoever sits there; false where they refuse. */
export async function notify_ask() {
  return (await globalThis.Notification?.requestPermission()) === 'granted';
}

/** One of the same tag takes the place of the one before. */
export function notify_show(title, body, tag, pressed) {
  try {
    const shown = new Notification(title, { body, tag });
    shown.onclick = () => {
      window.focus();
      pressed();
      shown.close();
    };
  } catch {
    // Some browsers of phones have them in service workers only: the title still tells.
  }
}
