// A module of the bundle that is fetched only when it is needed.
export const load = (url) => import(url);
