/// What a section shows. The key of `Detail` and `Edit` is the route's parameter `key`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageKind {
    List,
    Create,
    Detail,
    Edit,
}
