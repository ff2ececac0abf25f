// Trunk runs the hooks of a stage side by side; these build upon each other.
await import("./external-script.mjs");
await import("./split.mjs");
