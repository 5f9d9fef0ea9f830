//! How a generated type finds its limits.

/// Names the limits of one field. The generator writes one implementation per field; the same constant is in the
/// field's descriptor, so type and descriptor cannot drift apart.
pub trait Limits: 'static {
    /// Which kind of limits.
    type Spec: 'static;
    /// The limits.
    const SPEC: Self::Spec;
}

/// Implements what every bounded type has in common: it is compared, cloned and shown by its value alone, whatever the
/// marker of its limits is.
macro_rules! bounded {
    (copy $name:ident < $($p:ident),+ >) => {
        impl<$($p),+> Clone for $name<$($p),+> {
            fn clone(&self) -> Self {
                *self
            }
        }

        impl<$($p),+> Copy for $name<$($p),+> {}

        $crate::limit::bounded!(@rest $name<$($p),+>);
    };
    ($name:ident < $($p:ident),+ >) => {
        impl<$($p),+> Clone for $name<$($p),+> {
            fn clone(&self) -> Self {
                Self(self.0.clone(), std::marker::PhantomData)
            }
        }

        $crate::limit::bounded!(@rest $name<$($p),+>);
    };
    (@rest $name:ident < $($p:ident),+ >) => {
        impl<$($p),+> PartialEq for $name<$($p),+> {
            fn eq(&self, other: &Self) -> bool {
                self.0 == other.0
            }
        }

        impl<$($p),+> std::fmt::Debug for $name<$($p),+> {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl<$($p),+> std::fmt::Display for $name<$($p),+> {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(&self.0, f)
            }
        }

        impl<$($p),+> serde::Serialize for $name<$($p),+> {
            fn serialize<Ser: serde::Serializer>(&self, serializer: Ser) -> Result<Ser::Ok, Ser::Error> {
                $crate::value_ref::AsValueRef::as_value_ref(self).serialize(serializer)
            }
        }
    };
}
pub(crate) use bounded;
